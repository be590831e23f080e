import type { PresentPaymentSheetResult } from '@stripe/stripe-react-native';

import { initPaymentSheet, initStripe, PaymentSheetError, presentPaymentSheet } from './stripe';

type Customer = (intent: string) => Promise<PresentPaymentSheetResult> | PresentPaymentSheetResult;
type StripeError = NonNullable<PresentPaymentSheetResult['error']>;

export const canceled = { error: sheetError(PaymentSheetError.Canceled, 'The payment flow has been canceled') };

export function failed(message: string) {
  return { error: sheetError(PaymentSheetError.Failed, message) };
}

/**
 * A PaymentSheet as the SDK has it: one for the whole app, which pays whatever it was set up for last.
 *
 * `customer` is what the person does with it, given the PaymentIntent's id.
 */
export function sheetFor(customer: Customer): void {
  let secret: string | null = null;
  initStripe.mockReset().mockResolvedValue(undefined);
  initPaymentSheet.mockReset().mockImplementation(async (params) => {
    secret = 'paymentIntentClientSecret' in params ? (params.paymentIntentClientSecret ?? null) : null;
    return {};
  });
  presentPaymentSheet.mockReset().mockImplementation(async () => {
    if (!secret) return failed('No payment sheet has been initialized yet.');
    return customer(intentOf(secret));
  });
}

function intentOf(secret: string): string {
  return secret.split('_secret_')[0] ?? '';
}

function sheetError(code: PaymentSheetError, message: string): StripeError {
  return { code, message, localizedMessage: message } as unknown as StripeError;
}
