-- What was said of a session before, and what a draw waits for.

-- From when the number that decides a draw can be known, said when the list was fixed.
alter table hearing add column seed_known_at bigint;
update hearing set seed_known_at = frozen_at where frozen_at is not null;

-- What a published notice, its papers and its report said before they were changed. They stay public:
-- JSON of the notice or the papers, or the text of the report.
create table hearing_earlier (
    id uuid not null primary key,
    hearing_id uuid not null references hearing (id),
    part text not null check (part in ('notice', 'papers', 'report')),
    body text not null,
    -- When it was replaced.
    replaced_at bigint not null
);
create index hearing_earlier_session on hearing_earlier (hearing_id, part, replaced_at);
