-- Records that were lost with a relay's data, and that nobody who was there could give back.

-- 1: of the record nothing but its place is left since then, and whoever has it may bring it. null: it is here, or was erased or expired.
alter table records add column lost integer;
