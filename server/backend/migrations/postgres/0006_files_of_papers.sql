-- Papers that were attached: the file as it came. Its paper names it by `/hearings/<number>/papers/<serial>`.
create table paper_file (
    hearing_id uuid not null references hearing (id),
    serial bigint not null,
    filename text not null,
    body bytea not null,
    added_at bigint not null,
    primary key (hearing_id, serial)
);
