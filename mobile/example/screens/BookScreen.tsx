import { useState } from 'react';

import { formatMoney, useCreateBooking, useServices, type Booking, type Service, type Slot } from '../../src';
import { Button, Line, Notice, Screen } from '../ui';
import { when } from '../words';
import { FreeTimes } from './FreeTimes';

interface Props {
  onBooked: (booking: Booking) => void;
  onBack: () => void;
}

const HOUR = 3_600_000;

/** Choose a service and a free time, see the terms, then book: the slot is held until it is paid. */
export function BookScreen({ onBooked, onBack }: Props) {
  const [service, setService] = useState<Service | null>(null);
  const [slot, setSlot] = useState<Slot | null>(null);
  const services = useServices();
  const create = useCreateBooking();

  if (!service) {
    return (
      <Screen title="What would you like to book?" onBack={onBack}>
        {services.error && <Notice>{services.error.message}</Notice>}
        {services.data?.map((one) => (
          <Button key={one.id} label={priced(one)} onPress={() => setService(one)} />
        ))}
      </Screen>
    );
  }
  if (slot) {
    const until = new Date(Date.parse(slot.starts_at) - service.refund_notice_hours * HOUR).toISOString();
    return (
      <Screen title={service.name} onBack={() => setSlot(null)}>
        <Line>{when(slot.starts_at)}</Line>
        <Line>{priced(service)}</Line>
        <Line>{`If you cancel until ${when(until)} you get everything back; later, nothing.`}</Line>
        {create.error && <Notice>{create.error.message}</Notice>}
        <Button
          label="Book and pay"
          disabled={create.isPending}
          onPress={() => create.mutate({ service: service.id, startsAt: slot.starts_at }, { onSuccess: onBooked })}
        />
      </Screen>
    );
  }
  return (
    <Screen title={service.name} onBack={() => setService(null)}>
      <Line>{service.duration_minutes} minutes. When?</Line>
      <FreeTimes service={service.id} busy={false} onChoose={setSlot} />
    </Screen>
  );
}

function priced(service: Service): string {
  return `${service.name}, ${formatMoney(service.price, service.currency ?? 'gbp')}`;
}
