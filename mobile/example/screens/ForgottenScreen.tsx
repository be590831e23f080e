import { useState } from 'react';

import type { Session } from '../../src';
import { Button, Field, Line, Notice, Screen, useAction } from '../ui';

export function ForgottenScreen({ session, onBack }: { session: Session; onBack: () => void }) {
  const [email, setEmail] = useState('');
  const { run, busy, error } = useAction(() => session.askForNewPassword(email.trim()));
  return (
    <Screen title="Choose a new password" onBack={onBack}>
      {error && <Notice>{error}</Notice>}
      <Line>We send a code to your address. With it you choose a new password.</Line>
      <Field label="E-mail address" value={email} onChange={setEmail} kind="email" />
      <Button label="Send me a code" onPress={run} disabled={busy} />
    </Screen>
  );
}
