-- Codes of polls, ballots and words, further apart from each other and from the clock.

-- That a code was used is 1, whenever it was.
update poll_code set used_at = 1 where used_at is not null;
-- The hash by which a repeated ballot is known held its code; a new one does not. A retry of what was
-- sent before is told that its ballot is counted, and gives no second one.
update ballot set request_hash = x'' where poll_id in (select poll_id from poll_code);

-- The id of an answer in words told when it was given; staff read it beside the words.
update ballot_text set id = randomblob(16);
-- Open ballots are read in the order of a hash that says nothing.
create index ballot_receipt on ballot (poll_id, receipt_hash);

-- Who was invited to a poll, by a hash: nobody is given two codes. Which code was for whom is not kept.
create table poll_invited (
    poll_id blob not null references poll (id),
    label_hash blob not null,
    primary key (poll_id, label_hash)
) strict;
