import { useState } from 'react';

import { useAccount, type Account, type Leaving, type Session } from '../../src';
import { Button, Field, Line, Link, Notice, Screen, useAction } from '../ui';

const WAITS_FOR: Record<Leaving['waits_for'][number]['reason'], string> = {
  appointment: 'an appointment is still to come',
  refund: 'a refund is on its way to you',
  refund_may_return: 'your bank may still send a refund back, up to 30 days later',
  dispute: 'your bank still decides about a payment',
};

interface Props {
  session: Session;
  onBack: () => void;
  onSignOut: () => void;
}

export function AccountScreen({ session, onBack, onSignOut }: Props) {
  const { account, error, change, remove } = useAccount();
  const [left, setLeft] = useState<Leaving | null>(null);
  if (left) return <LeftScreen left={left} onDone={() => void session.forget()} />;
  return (
    <Screen title="My account" onBack={onBack}>
      {error && <Notice>{error.message}</Notice>}
      {account && <Details account={account} onSave={change} />}
      <Button label="Sign out" onPress={onSignOut} />
      <Delete onDelete={async (password) => setLeft(await remove(password))} />
    </Screen>
  );
}

function Details({ account, onSave }: { account: Account; onSave: (changes: Partial<Account>) => Promise<unknown> }) {
  const [name, setName] = useState(account.name);
  const [phone, setPhone] = useState(account.phone);
  const [saved, setSaved] = useState(false);
  const { run, busy, error } = useAction(async () => {
    setSaved(false);
    await onSave({ name, phone });
    setSaved(true);
  });
  return (
    <>
      {(error || saved) && <Notice>{error ?? 'Saved.'}</Notice>}
      <Line>{account.email}</Line>
      <Field label="Your name" value={name ?? ''} onChange={setName} kind="name" />
      <Field label="Phone" value={phone ?? ''} onChange={setPhone} kind="phone" />
      <Button label="Save" onPress={run} disabled={busy} />
    </>
  );
}

function Delete({ onDelete }: { onDelete: (password: string) => Promise<void> }) {
  const [asking, ask] = useState(false);
  const [password, setPassword] = useState('');
  const { run, busy, error } = useAction(() => onDelete(password));
  if (!asking) return <Link label="Delete my account" onPress={() => ask(true)} />;
  return (
    <>
      {error && <Notice>{error}</Notice>}
      <Line>Your name, address and phone number are deleted for good, and you are signed out everywhere.</Line>
      <Field label="Password" value={password} onChange={setPassword} kind="password" />
      <Button label="Delete it for good" onPress={run} disabled={busy} />
      <Link label="Keep my account" onPress={() => ask(false)} />
    </>
  );
}

function LeftScreen({ left, onDone }: { left: Leaving; onDone: () => void }) {
  return (
    <Screen title={left.state === 'erased' ? 'Your account is deleted' : 'Your account will be deleted'}>
      {left.state === 'waiting' && <Line>It happens by itself when this is finished. You need do nothing.</Line>}
      {left.waits_for.map(({ booking_reference, reason }) => (
        <Line key={booking_reference + reason}>{`${booking_reference}: ${WAITS_FOR[reason]}.`}</Line>
      ))}
      <Button label="Close" onPress={onDone} />
    </Screen>
  );
}
