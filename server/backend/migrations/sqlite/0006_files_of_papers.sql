-- Papers that were attached: the file as it came. Its paper names it by `/hearings/<number>/papers/<serial>`.
create table paper_file (
    hearing_id blob not null references hearing (id),
    serial integer not null,
    filename text not null,
    body blob not null,
    added_at integer not null,
    primary key (hearing_id, serial)
) strict;
