import { useState } from 'react';

import { useSlots, type Slot } from '../../src';
import { Button, Line, Notice } from '../ui';
import { clock, day, whyNone } from '../words';

interface Props {
  service: number;
  /** Only the times of this person. */
  resource?: number | undefined;
  busy: boolean;
  onChoose: (slot: Slot) => void;
}

const DAYS = 7;

/** The free days and times of a service, a week at a time. */
export function FreeTimes({ service, resource, busy, onChoose }: Props) {
  const asked = { days: DAYS, ...(resource && { resource }) };
  const [week, setWeek] = useState(0);
  const [open, setOpen] = useState<string | null>(null);
  const first = useSlots(service, asked);
  const start = first.data?.days[0]?.date;
  const { data, error } = useSlots(service, start && week ? { ...asked, from: after(start, week * DAYS) } : asked);
  return (
    <>
      {error && <Notice>{error.message}</Notice>}
      {data?.days.map((one) =>
        one.slots.length === 0 ? (
          <Line key={one.date}>{`${day(one.date)}: ${whyNone(one.why_none)}`}</Line>
        ) : one.date === open ? (
          one.slots.map((slot) => (
            <Button
              key={slot.starts_at}
              label={`${day(one.date)}, ${clock(slot.local)}`}
              disabled={busy}
              onPress={() => onChoose(slot)}
            />
          ))
        ) : (
          <Button key={one.date} label={day(one.date)} onPress={() => setOpen(one.date)} />
        ),
      )}
      {week > 0 && <Button label="Earlier" onPress={() => setWeek(week - 1)} />}
      {start && <Button label="Later" onPress={() => setWeek(week + 1)} />}
    </>
  );
}

function after(date: string, days: number): string {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}
