import { useState } from 'react';

import type { Session } from '../../src';
import { Button, Field, Line, Notice, Screen, useAction } from '../ui';

export function SignUpScreen({ session, onBack }: { session: Session; onBack: () => void }) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const { run, busy, error } = useAction(() => session.signUp(email.trim(), password, name.trim()));
  return (
    <Screen title="Make an account" onBack={onBack}>
      {error && <Notice>{error}</Notice>}
      <Field label="Your name" value={name} onChange={setName} kind="name" />
      <Field label="E-mail address" value={email} onChange={setEmail} kind="email" />
      <Field label="Password, eight characters or more" value={password} onChange={setPassword} kind="new-password" />
      <Button label="Make my account" onPress={run} disabled={busy} />
      <Line>We send a code to your address. With it you are signed in.</Line>
    </Screen>
  );
}
