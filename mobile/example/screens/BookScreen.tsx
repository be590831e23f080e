import { useState } from 'react';

import { formatMoney, useCreateBooking, useServices, type Booking, type Service, type Slot } from '../../src';
import { Button, Line, Notice, Screen } from '../ui';
import { when } from '../words';
import { ANYONE, ChoosePerson, type Person } from './ChoosePerson';
import { FreeTimes } from './FreeTimes';

interface Props {
  onBooked: (booking: Booking) => void;
  onBack: () => void;
}

const HOUR = 3_600_000;

/** Choose a service, a person if several can do it, and a free time; see the terms, then book: it is held until it is paid. */
export function BookScreen({ onBooked, onBack }: Props) {
  const [service, setService] = useState<Service | null>(null);
  const [chosen, setPerson] = useState<Person | null>(null);
  const [slot, setSlot] = useState<Slot | null>(null);

  if (!service) return <ChooseService onChoose={setService} onBack={onBack} />;
  const several = service.resources.length > 1;
  const person = several ? chosen : ANYONE;
  if (!person) return <ChoosePerson service={service} onChoose={setPerson} onBack={() => setService(null)} />;
  if (slot) {
    return <Confirm service={service} person={person} slot={slot} onBooked={onBooked} onBack={() => setSlot(null)} />;
  }
  return (
    <Screen title={service.name} onBack={() => (several ? setPerson(null) : setService(null))}>
      <Line>{service.duration_minutes} minutes. When?</Line>
      <FreeTimes service={service.id} resource={person.id} busy={false} onChoose={setSlot} />
    </Screen>
  );
}

function ChooseService({ onChoose, onBack }: { onChoose: (service: Service) => void; onBack: () => void }) {
  const services = useServices();
  return (
    <Screen title="What would you like to book?" onBack={onBack}>
      {services.error && <Notice>{services.error.message}</Notice>}
      {services.data?.map((one) => (
        <Button key={one.id} label={priced(one)} onPress={() => onChoose(one)} />
      ))}
    </Screen>
  );
}

interface Choice {
  service: Service;
  person: Person;
  slot: Slot;
}

/** The terms, before anything is booked. */
function Confirm({ service, person, slot, onBooked, onBack }: Choice & Props) {
  const create = useCreateBooking();
  const until = new Date(Date.parse(slot.starts_at) - service.refund_notice_hours * HOUR).toISOString();
  const wish = { service: service.id, startsAt: slot.starts_at, ...(person.id && { resource: person.id }) };
  return (
    <Screen title={service.name} onBack={onBack}>
      <Line>{when(slot.starts_at)}</Line>
      {person.id && <Line>{`With ${person.name}`}</Line>}
      <Line>{priced(service)}</Line>
      <Line>{`If you cancel until ${when(until)} you get everything back; later, nothing.`}</Line>
      {create.error && <Notice>{create.error.message}</Notice>}
      <Button
        label="Book and pay"
        disabled={create.isPending}
        onPress={() => create.mutate(wish, { onSuccess: onBooked })}
      />
    </Screen>
  );
}

function priced(service: Service): string {
  return `${service.name}, ${formatMoney(service.price, service.currency ?? 'gbp')}`;
}
