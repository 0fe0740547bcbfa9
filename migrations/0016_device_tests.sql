-- What a citizen's test of their device found, so that who attends them knows beforehand. One per appointment: the last. It names
-- no person, device or address; what it may say is src/features/device/types.ts. Goes with who the appointment was for.
create table device_test (
  appointment_id uuid primary key references appointment,
  office_id integer not null references office,
  at timestamptz not null,
  -- Null: not tested.
  camera text check (length(camera) <= 20),
  microphone text check (length(microphone) <= 20),
  speaker text check (length(speaker) <= 20),
  network text check (length(network) <= 20),
  family text not null check (length(family) <= 20), -- of the browser
  system text not null check (length(system) <= 20)
);
call isolate('device_test');
