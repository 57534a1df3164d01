-- Sessions that people apply to attend, and polls.

-- A hearing, a seminar or an observed meeting. `notice` is JSON and what is asked for by value stands
-- beside it; `tickets` is the frozen list, `result` the draw, both JSON as they were published.
create table hearing (
    id blob not null primary key,
    consultation_id blob not null references consultation (id),
    serial integer not null,
    kind text not null check (kind in ('hearing', 'seminar', 'observation')),
    title text not null,
    notice text not null,
    starts_at integer,
    opens_at integer not null,
    closes_at integer not null,
    created_at integer not null,
    created_by blob not null references account (id),
    updated_at integer not null,
    published_at integer,
    seed_source text,
    tickets text,
    tickets_hash text,
    frozen_at integer,
    seed text,
    result text,
    drawn_at integer,
    minutes text,
    minutes_at integer,
    report text,
    report_at integer,
    cancelled_at integer,
    cancelled_reason text,
    -- The number that the last application got.
    last_application integer not null,
    -- The place that who came last got where seats go by arrival: by applying, or by an edit.
    last_place integer not null,
    constraint hearing_serial_key unique (consultation_id, serial)
) strict;

create table application (
    id blob not null primary key,
    hearing_id blob not null references hearing (id),
    serial integer not null,
    category text not null,
    state text not null check (state in ('received', 'eligible', 'ineligible', 'chosen', 'reserve', 'confirmed', 'declined', 'withdrawn')),
    reason text,
    -- The place in its category: in the draw, or in the order of arrival; who moves up has the least.
    rank integer,
    name text,
    -- XChaCha20-Poly1305: 24 bytes of nonce, then the sealed text.
    contact blob,
    -- A keyed hash of the normalised contact, and the normalised name: one person is found by either.
    contact_key blob,
    name_key text,
    district text,
    statement text,
    -- JSON: points on clauses, codes of needs.
    points text not null,
    needs text not null,
    needs_note text,
    -- 1 with consent to publish the name.
    publish_name integer not null,
    received_at integer not null,
    updated_at integer not null,
    reviewed_at integer,
    minutes_confirmed_at integer,
    correction text,
    idempotency_key text not null,
    request_hash blob not null,
    receipt_hash blob not null,
    constraint application_serial_key unique (hearing_id, serial),
    constraint application_idempotency_key unique (hearing_id, idempotency_key),
    constraint application_receipt_key unique (receipt_hash)
) strict;
create index application_seat on application (hearing_id, category, state, rank);
create index application_contact on application (contact_key);
create index application_name on application (name_key);

-- Papers for the participants, with the day on which they got them.
create table hearing_paper (
    hearing_id blob not null references hearing (id),
    position integer not null,
    title text not null,
    address text,
    delivered_at integer not null,
    primary key (hearing_id, position)
) strict;

create table poll (
    id blob not null primary key,
    consultation_id blob not null references consultation (id),
    serial integer not null,
    title text not null,
    created_at integer not null,
    created_by blob not null references account (id),
    -- The version that is answered, or prepared.
    version integer not null,
    published_at integer,
    opens_at integer,
    closes_at integer,
    results_at integer,
    cancelled_at integer,
    cancelled_reason text,
    ballots integer not null,
    constraint poll_serial_key unique (consultation_id, serial)
) strict;

-- A published version never changes; a correction is the next one and says what it corrects.
create table poll_version (
    poll_id blob not null references poll (id),
    version integer not null,
    -- JSON.
    questionnaire text not null,
    correction text,
    published_at integer,
    ballots integer not null,
    primary key (poll_id, version)
) strict;

-- A ballot knows nobody: what it answered hangs on it, its code does not.
create table ballot (
    id blob not null primary key,
    poll_id blob not null references poll (id),
    version integer not null,
    received_at integer not null,
    idempotency_key text not null,
    request_hash blob not null,
    receipt_hash blob not null,
    constraint ballot_idempotency_key unique (poll_id, idempotency_key),
    constraint ballot_receipt_key unique (receipt_hash)
) strict;

-- One countable answer. An empty cell says that the question was answered at all.
create table ballot_cell (
    ballot_id blob not null references ballot (id),
    poll_id blob not null references poll (id),
    question text not null,
    cell text not null,
    primary key (ballot_id, question, cell)
) strict;
create index ballot_cell_count on ballot_cell (poll_id, question, cell);

create table ballot_text (
    id blob not null primary key,
    ballot_id blob not null references ballot (id),
    poll_id blob not null references poll (id),
    question text not null,
    body text not null,
    state text not null check (state in ('received', 'published', 'held'))
) strict;
create index ballot_text_state on ballot_text (poll_id, state, question, id);

-- One-time codes, by their hash. Which ballot one was used for is not kept.
create table poll_code (
    poll_id blob not null references poll (id),
    code_hash blob not null,
    used_at integer,
    primary key (poll_id, code_hash)
) strict;

-- The fields of people's livelihood that a consultation touches: a poll is due before its decision,
-- or a public reason.
create table consultation_field (
    consultation_id blob not null references consultation (id),
    field text not null check (field in ('culture_education', 'health', 'municipal_planning', 'urban_construction', 'resources', 'environment', 'social_security', 'public_utilities')),
    primary key (consultation_id, field)
) strict;
alter table consultation add column no_poll_reason text;

-- What is said at a session enters the same ledger as written comments, and is answered with them.
alter table comment add column channel text not null default 'written' check (channel in ('written', 'hearing'));
alter table comment add column hearing_id blob references hearing (id);
create index comment_hearing on comment (hearing_id, serial);
