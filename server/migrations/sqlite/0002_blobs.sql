-- Blobs: sealed files that lie beside the database, one object per part. What each column reveals stands in
-- docs/threat-model.md. The only times are a reservation's day and a hold's month of expiry.

create table blobs (
  house blob not null references houses (house),
  -- Hash of the manifest.
  blob blob not null,
  -- Length, sealed.
  bytes integer not null,
  -- SHA-256 of each part, one after the other.
  parts blob not null,
  -- Which parts are here: bit n is part n.
  here integer not null,
  -- The device that reserved it last.
  reserver blob not null,
  -- Day of the reservation (days since 1970-01-01); null while a circle holds the blob; 0 once none does any more.
  reserved integer,
  primary key (house, blob)
) strict, without rowid;

create index blobs_unheld on blobs (reserved) where reserved is not null;
create index blobs_by_reserver on blobs (house, reserver) where reserved is not null;

-- Which circles keep a blob.
create table holds (
  house blob not null,
  blob blob not null,
  circle blob not null,
  -- Person whose side holds it; null: staff.
  person blob,
  -- Device that held it first.
  author blob not null,
  -- The record that said so.
  record blob not null,
  -- Month (year * 12 + month - 1) at whose end the hold goes; null: until released.
  expires integer,
  foreign key (house, blob) references blobs (house, blob)
) strict;

create unique index holds_once on holds (house, blob, circle, coalesce(person, x''));
create index holds_to_expire on holds (expires) where expires is not null;

-- Blobs that are no more, and whose objects are still to be deleted.
create table blob_deletions (
  house blob not null,
  blob blob not null,
  primary key (house, blob)
) strict, without rowid;
