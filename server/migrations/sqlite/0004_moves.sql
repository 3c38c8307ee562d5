-- Houses that are taken to another relay.

-- 1: a copy that came from another relay, and waits for two of its house to say that it goes on here. 2: it was taken to
-- another relay. null: it goes on here.
alter table houses add column elsewhere integer;
