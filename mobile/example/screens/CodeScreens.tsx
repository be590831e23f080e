import { useState } from 'react';

import type { Session } from '../../src';
import { Button, Field, Line, Link, Notice, Screen, useAction } from '../ui';

interface CodeProps {
  title: string;
  words: string;
  onCode: (code: string) => Promise<void>;
  onResend?: () => Promise<void>;
  onBack: () => void;
}

export function CodeScreen({ title, words, onCode, onResend, onBack }: CodeProps) {
  const [code, setCode] = useState('');
  const [told, tell] = useState<string | null>(null);
  const sending = useAction(() => onCode(code.trim()));
  const again = useAction(async () => {
    await onResend?.();
    tell('A new code is on its way. The old one no longer works.');
  });
  const notice = sending.error ?? again.error ?? told;
  return (
    <Screen title={title} onBack={onBack}>
      {notice && <Notice>{notice}</Notice>}
      <Line>{words}</Line>
      <Field label="Code" value={code} onChange={setCode} kind="code" />
      <Button label="Go on" onPress={sending.run} disabled={sending.busy} />
      {onResend && <Link label="Send a new code" onPress={again.run} />}
    </Screen>
  );
}

export function ChoosePasswordScreen({ email, session, onBack }: { email: string; session: Session; onBack: () => void }) {
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const { run, busy, error } = useAction(() => session.choosePassword(code.trim(), password));
  return (
    <Screen title="Choose a new password" onBack={onBack}>
      {error && <Notice>{error}</Notice>}
      <Line>{`If there is an account for ${email}, a mail with a code is on its way. It is good for 15 minutes.`}</Line>
      <Field label="Code" value={code} onChange={setCode} kind="code" />
      <Field label="New password, eight characters or more" value={password} onChange={setPassword} kind="new-password" />
      <Button label="Set the password" onPress={run} disabled={busy} />
    </Screen>
  );
}
