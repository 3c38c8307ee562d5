-- The end of a house, and of everything the relay keeps for it some time later.

-- Day on which the house was dissolved (days since 1970-01-01); null: it goes on.
alter table houses add column dissolved integer;
