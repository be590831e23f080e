import { useState } from 'react';

import { Button, Field, Link, Notice, Screen, useAction } from '../ui';

interface Props {
  onSignIn: (who: string, password: string) => Promise<void>;
  onSignUp: () => void;
  onForgotten: () => void;
}

export function SignInScreen({ onSignIn, onSignUp, onForgotten }: Props) {
  const [who, setWho] = useState('');
  const [password, setPassword] = useState('');
  const { run, busy, error } = useAction(() => onSignIn(who.trim(), password));
  return (
    <Screen title="Sign in">
      {error && <Notice>{error}</Notice>}
      <Field label="E-mail address or user name" value={who} onChange={setWho} kind="email" />
      <Field label="Password" value={password} onChange={setPassword} kind="password" />
      <Button label="Sign in" onPress={run} disabled={busy} />
      <Link label="I have no account yet" onPress={onSignUp} />
      <Link label="I forgot my password" onPress={onForgotten} />
    </Screen>
  );
}
