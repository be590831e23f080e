import { inject } from 'vitest';

interface Obj {
  id: string;
  [name: string]: unknown;
}

/** The sandbox's control calls, as far as a phone's tests need them. */
export const sandbox = {
  pay: (intent: string, card = 'pm_card_visa') =>
    control('pay', { payment_intent: intent, payment_method: card }),
  authenticate: (intent: string) => control('authenticate', { payment_intent: intent }),
  /** Hold webhooks back, or let them go. */
  pauseWebhooks: (paused: boolean) => control('delivery', { paused }),
  /** Stripe doesn't answer the server's requests. */
  outage: () => control('faults', { kind: 'outage' }),
  refusedByOutage: async () => {
    const { faults } = await control('faults', undefined, 'GET');
    return (faults as { hits: number }[]).reduce((sum, { hits }) => sum + hits, 0);
  },
  recover: () => control('faults', undefined, 'DELETE'),
  /** All that Stripe knows of its customers. */
  customers: () => all('customers', () => true),
  intentsOf: (booking: string) =>
    all('payment_intents', (intent) => (intent['metadata'] as Obj)['booking'] === booking),
  refundsOf: (intent: string) => all('refunds', (refund) => refund['payment_intent'] === intent),
};

async function all(kind: string, isWanted: (obj: Obj) => boolean): Promise<Obj[]> {
  const found = await control(`state/${kind}`, undefined, 'GET');
  return (found[kind] as Obj[]).filter(isWanted);
}

async function control(name: string, body?: object, method = 'POST'): Promise<Record<string, unknown>> {
  const url = `${inject('house').sandboxUrl}/_control/${name}`;
  const answer = await fetch(url, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
  if (!answer.ok) throw new Error(`${name}: ${await answer.text()}`);
  return (await answer.json()) as Record<string, unknown>;
}
