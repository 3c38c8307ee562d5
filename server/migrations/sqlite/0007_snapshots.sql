-- The latest snapshot of each document: a cache, from which devices that come new start.

create table snapshots (
  house blob not null references houses (house),
  document blob not null,
  circle blob not null,
  -- Number of the last record of the circle that it covers.
  covers integer not null,
  header blob not null,
  signature blob not null,
  body blob not null,
  -- Month (year * 12 + month - 1) at whose end it goes with its document; null: kept until erased.
  expires integer
) strict;

create unique index snapshots_by_document on snapshots (house, document);
create index snapshots_by_circle on snapshots (house, circle, document);
create index snapshots_to_expire on snapshots (expires) where expires is not null;
