-- What people say of a session after it, and the letters that tell applicants where they stand.

-- Corrections of the minutes that participants asked for. Published minutes stand: what is accepted
-- is published beneath them in the words of `answer`. At most one of a participant waits.
create table minutes_correction (
    id blob not null primary key,
    hearing_id blob not null references hearing (id),
    application_id blob not null references application (id),
    asked_at integer not null,
    body text not null,
    accepted integer,
    answer text,
    answered_at integer
) strict;
create index minutes_correction_session on minutes_correction (hearing_id, asked_at);
create index minutes_correction_application on minutes_correction (application_id, asked_at);
-- Nothing ever wrote it.
alter table application drop column correction;

-- What an observer made of a session: one each, answered by the unit and, with the reply, published.
create table opinion (
    id blob not null primary key,
    hearing_id blob not null references hearing (id),
    application_id blob not null references application (id),
    body text not null,
    -- When it was sent as it stands: it may be changed until the unit has replied.
    sent_at integer not null,
    reply text,
    replied_at integer,
    published_at integer,
    constraint opinion_application_key unique (application_id)
) strict;
create index opinion_session on opinion (hearing_id, sent_at);

-- The language in which an applicant is written to, as a BCP 47 tag, and whether their contact is an
-- address that mail can be sent to: it is sealed, so only who took it in could tell.
alter table application add column lang text not null default 'zh-Hans';
alter table application add column mailable integer not null default 0;

-- Letters to applicants. A row is written with what it tells of, in one transaction; who sends it
-- reads the application then, so that it says what is true when it is sent.
create table letter (
    id integer not null primary key autoincrement,
    application_id blob not null references application (id),
    kind text not null check (kind in ('stands', 'changed', 'cancelled', 'minutes', 'correction', 'opinion', 'report', 'answered')),
    queued_at integer not null,
    -- When it is to be tried; pushed forward while one process tries it.
    due_at integer not null,
    attempts integer not null,
    sent_at integer,
    -- Given up after too many attempts, or because nothing is left to send or nobody to send it to.
    dropped_at integer,
    failure text
) strict;
create index letter_due on letter (due_at) where sent_at is null and dropped_at is null;
create index letter_application on letter (application_id);
