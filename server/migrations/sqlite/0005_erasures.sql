-- Documents that were replaced because something in them was erased.

-- The document that took the place of this one, of whose records only stubs are left; null: none did.
alter table documents add column successor blob;
