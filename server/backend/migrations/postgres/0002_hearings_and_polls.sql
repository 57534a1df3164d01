-- Sessions that people apply to attend, and polls.

-- A hearing, a seminar or an observed meeting. `notice` is JSON and what is asked for by value stands
-- beside it; `tickets` is the frozen list, `result` the draw, both JSON as they were published.
create table hearing (
    id uuid not null primary key,
    consultation_id uuid not null references consultation (id),
    serial bigint not null,
    kind text not null check (kind in ('hearing', 'seminar', 'observation')),
    title text not null,
    notice text not null,
    starts_at bigint,
    opens_at bigint not null,
    closes_at bigint not null,
    created_at bigint not null,
    created_by uuid not null references account (id),
    updated_at bigint not null,
    published_at bigint,
    seed_source text,
    tickets text,
    tickets_hash text,
    frozen_at bigint,
    seed text,
    result text,
    drawn_at bigint,
    minutes text,
    minutes_at bigint,
    report text,
    report_at bigint,
    cancelled_at bigint,
    cancelled_reason text,
    -- The number that the last application got.
    last_application bigint not null,
    -- The place that who came last got where seats go by arrival: by applying, or by an edit.
    last_place bigint not null,
    constraint hearing_serial_key unique (consultation_id, serial)
);

create table application (
    id uuid not null primary key,
    hearing_id uuid not null references hearing (id),
    serial bigint not null,
    category text not null,
    state text not null check (state in ('received', 'eligible', 'ineligible', 'chosen', 'reserve', 'confirmed', 'declined', 'withdrawn')),
    reason text,
    -- The place in its category: in the draw, or in the order of arrival; who moves up has the least.
    rank bigint,
    name text,
    -- XChaCha20-Poly1305: 24 bytes of nonce, then the sealed text.
    contact bytea,
    -- A keyed hash of the normalised contact, and the normalised name: one person is found by either.
    contact_key bytea,
    name_key text,
    district text,
    statement text,
    -- JSON: points on clauses, codes of needs.
    points text not null,
    needs text not null,
    needs_note text,
    -- 1 with consent to publish the name.
    publish_name bigint not null,
    received_at bigint not null,
    updated_at bigint not null,
    reviewed_at bigint,
    minutes_confirmed_at bigint,
    correction text,
    idempotency_key text not null,
    request_hash bytea not null,
    receipt_hash bytea not null,
    constraint application_serial_key unique (hearing_id, serial),
    constraint application_idempotency_key unique (hearing_id, idempotency_key),
    constraint application_receipt_key unique (receipt_hash)
);
create index application_seat on application (hearing_id, category, state, rank);
create index application_contact on application (contact_key);
create index application_name on application (name_key);

-- Papers for the participants, with the day on which they got them.
create table hearing_paper (
    hearing_id uuid not null references hearing (id),
    position bigint not null,
    title text not null,
    address text,
    delivered_at bigint not null,
    primary key (hearing_id, position)
);

create table poll (
    id uuid not null primary key,
    consultation_id uuid not null references consultation (id),
    serial bigint not null,
    title text not null,
    created_at bigint not null,
    created_by uuid not null references account (id),
    -- The version that is answered, or prepared.
    version bigint not null,
    published_at bigint,
    opens_at bigint,
    closes_at bigint,
    results_at bigint,
    cancelled_at bigint,
    cancelled_reason text,
    ballots bigint not null,
    constraint poll_serial_key unique (consultation_id, serial)
);

-- A published version never changes; a correction is the next one and says what it corrects.
create table poll_version (
    poll_id uuid not null references poll (id),
    version bigint not null,
    -- JSON.
    questionnaire text not null,
    correction text,
    published_at bigint,
    ballots bigint not null,
    primary key (poll_id, version)
);

-- A ballot knows nobody: what it answered hangs on it, its code does not.
create table ballot (
    id uuid not null primary key,
    poll_id uuid not null references poll (id),
    version bigint not null,
    received_at bigint not null,
    idempotency_key text not null,
    request_hash bytea not null,
    receipt_hash bytea not null,
    constraint ballot_idempotency_key unique (poll_id, idempotency_key),
    constraint ballot_receipt_key unique (receipt_hash)
);

-- One countable answer. An empty cell says that the question was answered at all.
create table ballot_cell (
    ballot_id uuid not null references ballot (id),
    poll_id uuid not null references poll (id),
    question text not null,
    cell text not null,
    primary key (ballot_id, question, cell)
);
create index ballot_cell_count on ballot_cell (poll_id, question, cell);

create table ballot_text (
    id uuid not null primary key,
    ballot_id uuid not null references ballot (id),
    poll_id uuid not null references poll (id),
    question text not null,
    body text not null,
    state text not null check (state in ('received', 'published', 'held'))
);
create index ballot_text_state on ballot_text (poll_id, state, question, id);

-- One-time codes, by their hash. Which ballot one was used for is not kept.
create table poll_code (
    poll_id uuid not null references poll (id),
    code_hash bytea not null,
    used_at bigint,
    primary key (poll_id, code_hash)
);

-- The fields of people's livelihood that a consultation touches: a poll is due before its decision,
-- or a public reason.
create table consultation_field (
    consultation_id uuid not null references consultation (id),
    field text not null check (field in ('culture_education', 'health', 'municipal_planning', 'urban_construction', 'resources', 'environment', 'social_security', 'public_utilities')),
    primary key (consultation_id, field)
);
alter table consultation add column no_poll_reason text;

-- What is said at a session enters the same ledger as written comments, and is answered with them.
alter table comment add column channel text not null default 'written' check (channel in ('written', 'hearing'));
alter table comment add column hearing_id uuid references hearing (id);
create index comment_hearing on comment (hearing_id, serial);
