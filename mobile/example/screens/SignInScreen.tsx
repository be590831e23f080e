import { useState } from 'react';
import { TextInput } from 'react-native';

import { Button, Notice, Screen } from '../ui';

interface Props {
  onSignIn: (username: string, password: string) => Promise<void>;
}

export function SignInScreen({ onSignIn }: Props) {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string | null>(null);
  const signIn = () => onSignIn(username, password).catch((refused: Error) => setError(refused.message));
  return (
    <Screen title="Sign in">
      {error && <Notice>{error}</Notice>}
      <TextInput aria-label="User name" autoCapitalize="none" value={username} onChangeText={setUsername} />
      <TextInput aria-label="Password" secureTextEntry value={password} onChangeText={setPassword} />
      <Button label="Sign in" onPress={() => void signIn()} />
    </Screen>
  );
}
