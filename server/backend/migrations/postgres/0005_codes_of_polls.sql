-- Codes of polls and the ballots that were given with them, further apart.

-- That a code was used is 1, whenever it was.
update poll_code set used_at = 1 where used_at is not null;
-- The hash by which a repeated ballot is known held its code; a new one does not. A retry of what was
-- sent before is told that its ballot is counted, and gives no second one.
update ballot set request_hash = '' where poll_id in (select poll_id from poll_code);
