import { act, waitFor } from '@testing-library/react';
import { expect } from 'vitest';

import type { Payment, SheetOutcome } from '../../../src';

interface Rendered<Value> {
  result: { current: Value };
}

/** Wait until the payment stands there. */
export async function reaches(payment: Rendered<Payment>, status: Payment['status']): Promise<void> {
  await waitFor(() => expect(payment.result.current.status).toBe(status));
}

/** Wait until it can be paid again, after the sheet closed with this outcome. */
export async function readyAfter(payment: Rendered<Payment>, outcome: SheetOutcome): Promise<void> {
  await waitFor(() => expect(payment.result.current).toMatchObject({ status: 'ready', outcome }));
}

/** Tap Pay as soon as that is possible; the sheet and all that follows go on by themselves. */
export async function tapPay(payment: Rendered<Payment>): Promise<void> {
  await reaches(payment, 'ready');
  act(() => void payment.result.current.openPaymentSheet());
}
