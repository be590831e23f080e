import { useBooking, useMove } from '../../src';
import { Button, Line, Notice, Screen } from '../ui';
import { describe, when } from '../words';
import { FreeTimes } from './FreeTimes';

interface Props {
  reference: string;
  onBack: () => void;
}

const WHY: Record<string, string> = {
  too_late_to_move: 'It is too late to move this booking.',
  not_movable: "This booking can't be moved.",
  slot_taken: 'This time was just taken.',
  not_offered: 'This time is not free any more.',
};

/** Choose another time, see what moving there means, then confirm. */
export function MoveScreen({ reference, onBack }: Props) {
  const { booking } = useBooking(reference);
  const move = useMove(reference);
  if (move.moved) {
    return (
      <Screen title="Moved" onBack={onBack}>
        <Notice>{describe(move.moved)}</Notice>
        {move.moved.resource && <Line>{`With ${move.moved.resource.name}`}</Line>}
      </Screen>
    );
  }
  return (
    <Screen title="Move to another time" onBack={onBack}>
      {move.error && <Notice>{move.error.message}</Notice>}
      {move.termsChanged && <Notice>The terms have changed. Please look again.</Notice>}
      {move.quote && !move.quote.movable && <Notice>{WHY[move.quote.code ?? ''] ?? "It can't be moved there."}</Notice>}
      {move.quote?.movable && (
        <>
          <Line>{`To ${when(move.quote.starts_at)}. Same price.`}</Line>
          {booking?.resource && <Line>{`With ${booking.resource.name} if free then, else with somebody else.`}</Line>}
          <Line>{`If you cancel until ${when(move.quote.refundable_until)} you get everything back; later, nothing.`}</Line>
          <Button label="Move it" disabled={move.busy} onPress={move.confirm} />
        </>
      )}
      {booking && (
        <FreeTimes
          service={booking.service.id}
          busy={move.busy}
          onChoose={(slot) => move.look({ startsAt: slot.starts_at })}
        />
      )}
    </Screen>
  );
}
