import { useState } from 'react';

import { formatMoney, useCreateBooking, useServices, type Booking, type Service } from '../../src';
import { Button, Line, Notice, Screen } from '../ui';
import { when } from '../words';

interface Props {
  onBooked: (booking: Booking) => void;
  onBack: () => void;
}

/** Choose a service, then a time: the slot is held until it is paid. */
export function BookScreen({ onBooked, onBack }: Props) {
  const [service, setService] = useState<Service | null>(null);
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
  const book = (startsAt: string) => create.mutate({ service: service.id, startsAt }, { onSuccess: onBooked });
  return (
    <Screen title={service.name} onBack={() => setService(null)}>
      <Line>{service.duration_minutes} minutes. When?</Line>
      {create.error && <Notice>{create.error.message}</Notice>}
      {upcomingHours(new Date()).map((startsAt) => (
        <Button key={startsAt} label={when(startsAt)} disabled={create.isPending} onPress={() => book(startsAt)} />
      ))}
    </Screen>
  );
}

function priced(service: Service): string {
  return `${service.name}, ${formatMoney(service.price, service.currency ?? 'gbp')}`;
}

/** Nine to five on the next three days, on this device's clock; the server says which are taken. */
function upcomingHours(now: Date): string[] {
  return [1, 2, 3].flatMap((days) =>
    [9, 11, 13, 15].map((hour) =>
      new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour).toISOString(),
    ),
  );
}
