import { useState } from 'react';

import type { Session, SessionState } from '../../src';
import { Line, Screen } from '../ui';
import { ChoosePasswordScreen, CodeScreen } from './CodeScreens';
import { ForgottenScreen } from './ForgottenScreen';
import { SignInScreen } from './SignInScreen';
import { SignUpScreen } from './SignUpScreen';

/** All that comes before somebody is signed in. */
export function WelcomeScreens({ session, state }: { session: Session; state: SessionState }) {
  const [place, go] = useState<'sign_in' | 'sign_up' | 'forgotten'>('sign_in');
  const again = () => {
    go('sign_in');
    session.startAgain();
  };
  switch (state.status) {
    case 'starting':
      return (
        <Screen title="One moment">
          <Line>Opening your account.</Line>
        </Screen>
      );
    case 'verifying':
      return (
        <CodeScreen
          title="Look into your mail"
          words={`We sent a code to ${state.email}. Enter it here, so that we know that the address is yours.`}
          onCode={(code) => session.verify(code)}
          onResend={() => session.resend()}
          onBack={again}
        />
      );
    case 'second_step':
      return (
        <CodeScreen
          title="One more step"
          words="Enter the code that your authenticator app shows."
          onCode={(code) => session.secondStep(code)}
          onBack={again}
        />
      );
    case 'choosing_password':
      return <ChoosePasswordScreen email={state.email} session={session} onBack={again} />;
    default:
      if (place === 'sign_up') return <SignUpScreen session={session} onBack={again} />;
      if (place === 'forgotten') return <ForgottenScreen session={session} onBack={again} />;
      return (
        <SignInScreen
          onSignIn={(who, password) => session.signIn(who, password)}
          onSignUp={() => go('sign_up')}
          onForgotten={() => go('forgotten')}
        />
      );
  }
}
