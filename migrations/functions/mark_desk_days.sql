-- Adds a stretch of time to desk_day, or takes it away. Stretches of one desk do not overlap, so taking one away never frees
-- another one's minutes. "busy + x" is computed on the newest version of the row, so two bookings at once both count.
create or replace procedure mark_desk_days(p_desk integer, p_office integer, p_during tstzrange, p_taken boolean) language plpgsql as $$
declare
  minutes int4range := epoch_minutes(p_during);
  part int4multirange;
begin
  for this_day in lower(minutes) / 1440 .. (upper(minutes) - 1) / 1440 loop
    part := int4multirange(minutes * int4range(this_day * 1440, (this_day + 1) * 1440));
    if p_taken then
      insert into desk_day as d (desk_id, day, office_id, busy, spans) values (p_desk, this_day, p_office, part, part::text)
        on conflict (desk_id, day) do update set busy = d.busy + excluded.busy, spans = (d.busy + excluded.busy)::text;
    else
      update desk_day d set busy = d.busy - part, spans = (d.busy - part)::text where d.desk_id = p_desk and d.day = this_day;
    end if;
  end loop;
end $$;
