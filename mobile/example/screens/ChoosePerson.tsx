import type { Service } from '../../src';
import { Button, Line, Screen } from '../ui';

/** Who does it; without an id whoever is free. */
export interface Person {
  id?: number;
  name: string;
}

export const ANYONE: Person = { name: 'Anyone' };

interface Props {
  service: Service;
  onChoose: (person: Person) => void;
  onBack: () => void;
}

/** For a service that several can do. */
export function ChoosePerson({ service, onChoose, onBack }: Props) {
  return (
    <Screen title={service.name} onBack={onBack}>
      <Line>With whom?</Line>
      {[ANYONE, ...service.resources].map((one) => (
        <Button key={one.id ?? 0} label={one.name} onPress={() => onChoose(one)} />
      ))}
    </Screen>
  );
}
