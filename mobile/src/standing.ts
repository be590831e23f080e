import type { BookingApi } from './api';
import { ApiError } from './errors';
import type { Booking, PaymentSheet } from './types';

/** Where the payment of a booking stands, by the server's word. */
export type Standing =
  | { is: 'payable'; sheet: PaymentSheet }
  | { is: 'paid'; booking: Booking }
  | { is: 'closed'; booking: Booking }
  /** Not payable any more, and the server has not yet heard from Stripe whether it was paid in time. */
  | { is: 'undecided'; error: ApiError };

const DECIDED = ['already_paid', 'hold_expired', 'not_payable'];

/**
 * Ask for the payment sheet, which makes the server look at Stripe: a payment whose webhook is late, or that
 * the SDK called cancelled although it went through, is found here.
 */
export async function standingOf(api: BookingApi, reference: string): Promise<Standing> {
  try {
    return { is: 'payable', sheet: await api.paymentSheet(reference) };
  } catch (error) {
    if (!(error instanceof ApiError) || !DECIDED.includes(error.code)) throw error;
    const booking = await api.booking(reference);
    return byStatus(booking) ?? { is: 'undecided', error };
  }
}

/** What the booking itself tells of its payment; null while it waits for it. */
export function byStatus(booking: Booking): Standing | null {
  switch (booking.status) {
    case 'confirmed':
    case 'completed':
    case 'no_show':
      return { is: 'paid', booking };
    case 'cancelled':
    case 'expired':
      return { is: 'closed', booking };
    case 'pending_payment':
      return null;
  }
}
