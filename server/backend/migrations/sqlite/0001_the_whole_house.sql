-- The whole house, once. Conventions, the same in both databases:
--   ids are uuid v7 (16 bytes here), instants are Unix milliseconds, texts are NFC,
--   enum-like columns are text with a check, booleans do not occur.

-- What must be known before anything can be read: which key encrypted the contact data.
create table installation (
    name text not null primary key,
    value text not null
) strict;

create table unit (
    id blob not null primary key,
    parent_id blob references unit (id),
    slug text not null,
    name text not null,
    zone text not null,
    -- The language in which it writes: a BCP 47 tag.
    lang text not null,
    created_at integer not null,
    -- Grows with every change that lists and widgets show: caches compare it.
    revision integer not null,
    constraint unit_slug_key unique (slug)
) strict;

-- Where a unit's consultations may be embedded. Frames and CORS are refused elsewhere.
create table unit_origin (
    unit_id blob not null references unit (id),
    origin text not null,
    primary key (unit_id, origin)
) strict;

create table account (
    id blob not null primary key,
    unit_id blob not null references unit (id),
    email text not null,
    password_hash text not null,
    created_at integer not null,
    last_login_at integer,
    constraint account_email_key unique (email)
) strict;

create table account_role (
    account_id blob not null references account (id),
    role text not null check (role in ('editor', 'moderator', 'approver', 'administrator')),
    primary key (account_id, role)
) strict;

-- Only hashes of tokens are kept: a stolen copy of the database opens no session.
create table session (
    id blob not null primary key,
    account_id blob not null references account (id),
    token_hash blob not null,
    created_at integer not null,
    last_seen_at integer not null,
    user_agent text not null,
    constraint session_token_hash_key unique (token_hash)
) strict;
create index session_account on session (account_id, last_seen_at);

create table api_token (
    id blob not null primary key,
    account_id blob not null references account (id),
    token_hash blob not null,
    created_at integer not null,
    constraint api_token_token_hash_key unique (token_hash)
) strict;

-- Failed logins by account and by client, so that neither can be guessed at speed.
create table login_throttle (
    subject text not null primary key,
    failures integer not null,
    last_failure_at integer not null
) strict;

-- Public numbers run by year: 2026-0001, 2026-0002, without gaps from refused input.
create table consultation_number (
    year integer not null primary key,
    last_serial integer not null
) strict;

create table consultation (
    id blob not null primary key,
    unit_id blob not null references unit (id),
    year integer not null,
    serial integer not null,
    title text not null,
    summary text not null,
    explanation text not null,
    explanation_html text not null,
    contact text,
    other_ways text,
    created_at integer not null,
    -- The round that runs or ran last; null while preparing.
    round_id blob references round (id),
    -- Rounds up to a published feedback make one stage; a round after it begins the next.
    stage integer not null,
    -- When the feedback of the current stage was published.
    feedback_at integer,
    withdrawn_at integer,
    withdrawn_reason text,
    -- The number that the last comment got.
    last_comment integer not null,
    -- Grows with every change that the public can see: caches compare it.
    revision integer not null,
    constraint consultation_number_key unique (year, serial)
) strict;
create index consultation_unit on consultation (unit_id, year, serial);

-- A draft version never changes once published; `original` is the file as it came.
create table draft (
    id blob not null primary key,
    consultation_id blob not null references consultation (id),
    version integer not null,
    -- The version with which this one was aligned: the last public one, else the one before.
    follows_id blob references draft (id),
    filename text,
    original blob not null,
    warnings text not null,
    created_at integer not null,
    created_by blob not null references account (id),
    published_at integer,
    constraint draft_version_key unique (consultation_id, version)
) strict;

-- The tree of a version, flattened: `position` is document order, `depth` 0 stands in the text,
-- deeper rows are the paragraphs and items of the row of smaller depth before them.
create table clause (
    draft_id blob not null references draft (id),
    position integer not null,
    depth integer not null,
    id blob not null,
    kind text not null check (kind in ('part', 'chapter', 'section', 'article', 'paragraph', 'item', 'text')),
    label text not null,
    path text not null,
    body text not null,
    primary key (draft_id, position),
    constraint clause_id_key unique (draft_id, id)
) strict;

-- What a version's clauses were in the version before it. A clause without a link was added;
-- an earlier clause without a link was removed.
create table clause_link (
    draft_id blob not null references draft (id),
    old_clause_id blob not null,
    new_clause_id blob not null,
    kind text not null check (kind in ('same', 'reworded', 'moved', 'moved_reworded', 'split', 'merged')),
    confidence integer not null,
    primary key (draft_id, old_clause_id, new_clause_id)
) strict;

create table round (
    id blob not null primary key,
    consultation_id blob not null references consultation (id),
    draft_id blob not null references draft (id),
    stage integer not null,
    opens_at integer not null,
    closes_at integer not null,
    reason_for_short_period text,
    created_at integer not null,
    created_by blob not null references account (id)
) strict;
create index round_consultation on round (consultation_id, created_at);

create table comment (
    id blob not null primary key,
    consultation_id blob not null references consultation (id),
    round_id blob not null references round (id),
    stage integer not null,
    serial integer not null,
    state text not null check (state in ('received', 'published', 'held', 'withdrawn')),
    hold_reason text check (hold_reason in ('illegal', 'no_substance', 'advertising', 'not_government_business', 'in_proceedings', 'petition_finished', 'repeated', 'personal_data', 'other')),
    kind text not null check (kind in ('individual', 'organisation')),
    display text not null check (display in ('shown', 'masked', 'anonymous')),
    name text,
    -- XChaCha20-Poly1305: 24 bytes of nonce, then the sealed text.
    contact blob,
    points integer not null,
    received_at integer not null,
    updated_at integer not null,
    -- The client's key and an HMAC of what it was sent with: a retry is recognised, a reuse
    -- refused. Empty after withdrawal: nothing is kept by which a name could be checked.
    idempotency_key text not null,
    request_hash blob not null,
    receipt_hash blob not null,
    constraint comment_serial_key unique (consultation_id, serial),
    constraint comment_idempotency_key unique (consultation_id, idempotency_key),
    constraint comment_receipt_key unique (receipt_hash),
    constraint comment_hold_reason check ((state = 'held') = (hold_reason is not null))
) strict;
create index comment_state on comment (consultation_id, state, serial);

create table point (
    id blob not null primary key,
    comment_id blob not null references comment (id),
    consultation_id blob not null references consultation (id),
    -- The comment's number, repeated here so that a clause's points page by one index.
    serial integer not null,
    position integer not null,
    clause_id blob,
    body text not null,
    -- Body and proposed wording, rendered and sanitised when written.
    html text not null,
    proposed text,
    proposed_html text,
    -- Folded text of body, proposed wording and sender, for the queue's filter.
    search text not null,
    constraint point_position_key unique (comment_id, position)
) strict;
create index point_clause on point (consultation_id, clause_id, serial);
create index point_serial on point (consultation_id, serial, position);

-- Earlier texts of edited comments.
create table comment_revision (
    comment_id blob not null references comment (id),
    replaced_at integer not null,
    points text not null,
    primary key (comment_id, replaced_at)
) strict;

-- Counts kept in step with every change of state, so that a page need not count a million rows.
create table tally (
    consultation_id blob not null references consultation (id),
    stage integer not null,
    state text not null,
    kind text not null,
    hold_reason text not null,
    comments integer not null,
    points integer not null,
    primary key (consultation_id, stage, state, kind, hold_reason)
) strict;

-- Published points by round and clause: a round says in which stage and on which version.
create table clause_tally (
    consultation_id blob not null references consultation (id),
    round_id blob not null references round (id),
    clause_id blob not null,
    points integer not null,
    primary key (consultation_id, round_id, clause_id)
) strict;

create table response (
    point_id blob not null primary key references point (id),
    disposition text not null check (disposition in ('adopted', 'adopted_in_substance', 'partly_adopted', 'already_covered', 'for_later_study', 'not_adopted', 'referred', 'out_of_scope', 'support_noted', 'duplicate', 'unclear')),
    reason text,
    change_clause_id blob,
    responded_at integer not null,
    responded_by blob not null references account (id)
) strict;

create table feedback (
    id blob not null primary key,
    consultation_id blob not null references consultation (id),
    stage integer not null,
    asked text not null,
    heard text not null,
    changed text not null,
    draft_id blob not null references draft (id),
    new_draft_id blob references draft (id),
    published_at integer not null,
    published_by blob not null references account (id),
    constraint feedback_stage_key unique (consultation_id, stage)
) strict;

-- Who did what, written in the same transaction as the act.
-- In the order in which it happened, also within a millisecond.
create table audit (
    id integer not null primary key autoincrement,
    at integer not null,
    unit_id blob not null references unit (id),
    account_id blob references account (id),
    act text not null,
    subject text not null,
    detail text not null
) strict;
create index audit_unit on audit (unit_id, id);
