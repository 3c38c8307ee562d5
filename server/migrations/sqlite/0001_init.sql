-- Everything the relay keeps. What each column reveals stands in docs/threat-model.md; a test compares the two.
-- No names, no addresses, no dates of writing: the only times are an invite's day and a document's month of expiry.
-- Ids are raw bytes. Signed bytes are kept exactly as received.

create table houses (
  -- Hash of link 0 of the house log.
  house blob not null primary key,
  -- One life of this history; drawn at random when the house is founded.
  incarnation blob not null,
  -- Bytes stored for the house, for its quota.
  bytes integer not null
) strict, without rowid;

-- The house log, in order.
create table log (
  house blob not null references houses (house),
  seq integer not null,
  -- CBOR of the link: what every member sees.
  link blob not null,
  -- CBOR of the signed entry: for its audience.
  entry blob not null,
  -- Opens the link's commitment to the entry.
  salt blob not null,
  primary key (house, seq)
) strict;

-- Records by position. An expired record keeps its position, id and accumulator; the rest is null.
create table records (
  -- Order of admission; epochs must be folded in it.
  ord integer not null primary key,
  house blob not null references houses (house),
  circle blob not null,
  -- Gapless within the circle, from 1.
  n integer not null,
  id blob not null,
  -- Running hash over the circle up to here.
  acc blob not null,
  author blob,
  header blob,
  signature blob,
  body blob,
  -- Month (year * 12 + month - 1) at whose end the record goes; null: kept until erased.
  expires integer
) strict;

create unique index records_by_position on records (house, circle, n);
create unique index records_by_id on records (house, id);
create index records_to_expire on records (expires) where expires is not null and body is not null;

-- The last record of a device in a circle, for the chain check. Outlives the record itself.
create table authors (
  house blob not null references houses (house),
  circle blob not null,
  device blob not null,
  seq integer not null,
  id blob not null,
  primary key (house, circle, device)
) strict, without rowid;

-- What a document's first record fixed.
create table documents (
  house blob not null references houses (house),
  document blob not null,
  circle blob not null,
  -- Person whose side it is; null: staff.
  person blob,
  class integer not null,
  month integer not null,
  primary key (house, document)
) strict, without rowid;

-- Who can open an epoch: CBOR of the reader list of the epoch record `id`.
create table reader_lists (
  house blob not null references houses (house),
  id blob not null,
  list blob not null,
  primary key (house, id)
) strict;

-- Wraps, detached from records: delivered to their addressee only.
create table wraps (
  -- Order of admission.
  n integer not null primary key autoincrement,
  house blob not null references houses (house),
  id blob not null,
  -- A device (32 bytes) or a key circle (16 bytes).
  addressee blob not null,
  head blob not null,
  signature blob not null,
  file blob not null
) strict;

create unique index wraps_by_id on wraps (house, id);
create index wraps_by_addressee on wraps (house, addressee, n);

-- Which device has stored which wrap.
create table wrap_acks (
  wrap integer not null references wraps (n),
  device blob not null,
  primary key (wrap, device)
) strict, without rowid;

-- Invites by the public key that their secret derives, with the day they came: their validity runs on this clock.
create table invites (
  key blob not null primary key,
  house blob not null references houses (house),
  seq integer not null,
  -- Days since 1970-01-01.
  day integer not null
) strict, without rowid;
