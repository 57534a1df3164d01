-- What was said of a session before, and what a draw waits for.

-- From when the number that decides a draw can be known, said when the list was fixed.
alter table hearing add column seed_known_at bigint;
update hearing set seed_known_at = frozen_at where frozen_at is not null;
