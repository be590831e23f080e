import { usePayment, type Payment } from '../../src';
import { Button, Line, Notice, Screen } from '../ui';
import { describe, price } from '../words';

interface Props {
  reference: string;
  onDone: () => void;
}

export function PayScreen({ reference, onDone }: Props) {
  const payment = usePayment(reference);
  return (
    <Screen title={`Pay for ${reference}`} onBack={onDone}>
      <Standing payment={payment} />
      {payment.status === 'unavailable' && <Button label="Try again" onPress={() => void payment.retry()} />}
      {isPayable(payment) && (
        <Button
          label={`Pay ${price(payment.sheet)}`}
          disabled={payment.status !== 'ready'}
          onPress={() => void payment.openPaymentSheet()}
        />
      )}
      {payment.status === 'paid' && <Button label="See my booking" onPress={onDone} />}
    </Screen>
  );
}

function isPayable(payment: Payment) {
  return payment.status === 'ready' || payment.status === 'presenting';
}

function Standing({ payment }: { payment: Payment }) {
  switch (payment.status) {
    case 'loading':
      return <Line>One moment…</Line>;
    case 'ready':
      return payment.outcome ? <Notice>{notPaid(payment.outcome)}</Notice> : null;
    case 'presenting':
      return null;
    case 'confirming':
      return <Notice>{confirming(payment.reachable)}</Notice>;
    case 'paid':
      return <Notice>Paid. {describe(payment.booking)}</Notice>;
    case 'closed':
      return <Notice>This booking can't be paid any more. {describe(payment.booking)}</Notice>;
    case 'unavailable':
      return <Notice>{payment.error.message}</Notice>;
  }
}

function notPaid(outcome: NonNullable<Extract<Payment, { status: 'ready' }>['outcome']>): string {
  return outcome.is === 'failed' ? outcome.message : 'You have not paid.';
}

function confirming(reachable: boolean): string {
  if (reachable) return 'Asking whether your payment arrived. You need do nothing.';
  return "We can't reach the server to see whether you paid. We keep trying; don't pay again elsewhere.";
}
