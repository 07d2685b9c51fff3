-- The device keys of one machine share its seat, and every branch that a ratchet left is remembered, not only the last one.

ALTER TABLE activation ADD COLUMN seat_id BLOB NOT NULL DEFAULT X'00';
UPDATE activation SET seat_id = id;
CREATE INDEX activation_seat ON activation (seat_id) WHERE live;

ALTER TABLE activation ADD COLUMN left_branches TEXT NOT NULL DEFAULT '[]';
ALTER TABLE activation DROP COLUMN left_current;
ALTER TABLE activation DROP COLUMN left_r;
ALTER TABLE activation DROP COLUMN left_x;
