import type { PaymentSheet as Stripe } from '@stripe/stripe-react-native';
import { initStripe, PaymentSheetError, type useStripe } from '@stripe/stripe-react-native';

import { SheetError } from './errors';
import type { PaymentSheet } from './types';

/** The two functions of useStripe() that show the PaymentSheet. */
export type SheetFunctions = Pick<ReturnType<typeof useStripe>, 'initPaymentSheet' | 'presentPaymentSheet'>;

/** What Stripe's own set-up takes, but for what the server decides. */
export type SheetOptions = Omit<
  Stripe.SetupParamsBase,
  | 'customerId'
  | 'paymentIntentClientSecret'
  | 'setupIntentClientSecret'
  | 'intentConfiguration'
  | 'customFlow'
  | 'allowsDelayedPaymentMethods'
> & {
  /** For Apple Pay. */
  merchantIdentifier?: string;
  urlScheme?: string;
};

/** What the SDK says of a presented sheet. It is no proof either way: the server is asked next. */
export type SheetOutcome =
  | { is: 'completed' }
  | { is: 'canceled' }
  | { is: 'failed'; message: string };

/** Set Stripe's sheet up for this payment. Throws SheetError. */
export async function initialize(
  stripe: SheetFunctions,
  sheet: PaymentSheet,
  { merchantIdentifier, urlScheme, ...options }: SheetOptions,
): Promise<void> {
  const { publishableKey } = sheet;
  await initStripe({
    publishableKey,
    ...(merchantIdentifier ? { merchantIdentifier } : {}),
    ...(urlScheme ? { urlScheme } : {}),
  });
  const { error } = await stripe.initPaymentSheet({
    ...options,
    customerId: sheet.customer,
    ...customerSecret(sheet),
    paymentIntentClientSecret: sheet.paymentIntent,
    allowsDelayedPaymentMethods: false,
  });
  if (error) throw new SheetError(error.localizedMessage ?? error.message);
}

/** Older servers send an ephemeral key; never both. */
function customerSecret(sheet: PaymentSheet) {
  if (sheet.customerSessionClientSecret) {
    return { customerSessionClientSecret: sheet.customerSessionClientSecret };
  }
  return { customerEphemeralKeySecret: sheet.ephemeralKey ?? '' };
}

/** Show the sheet and tell what became of it. Never throws. */
export async function present(stripe: SheetFunctions): Promise<SheetOutcome> {
  try {
    const { error, didCancel } = await stripe.presentPaymentSheet();
    if (didCancel || error?.code === PaymentSheetError.Canceled) return { is: 'canceled' };
    if (error) return { is: 'failed', message: error.localizedMessage ?? error.message };
    return { is: 'completed' };
  } catch (error) {
    return { is: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}
