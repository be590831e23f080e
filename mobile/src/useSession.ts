import { useSyncExternalStore } from 'react';

import type { Session, SessionState } from './session';

/** The session's state, live: what to show. The session itself is what to call. */
export function useSession(session: Session): SessionState {
  return useSyncExternalStore(session.subscribe, session.state, session.state);
}
