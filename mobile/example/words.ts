import { formatMoney, type Booking, type FreeDay } from '../src';

const STATUS: Record<Booking['status'], string> = {
  pending_payment: 'Waiting for payment',
  confirmed: 'Confirmed',
  cancelled: 'Cancelled',
  expired: 'Not paid in time',
  completed: 'Completed',
  no_show: 'Missed',
};

export function describe(booking: Booking): string {
  return `${booking.service.name}, ${when(booking.starts_at)}: ${STATUS[booking.status]}`;
}

export function when(time: string): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** A time on the business's own clock, which may not be this device's. */
export function clock(local: string): string {
  return local.slice(11);
}

export function day(date: string): string {
  const noon = new Date(`${date}T12:00:00Z`);
  return noon.toLocaleDateString(undefined, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' });
}

const WHY_NONE: Record<NonNullable<FreeDay['why_none']>, string> = {
  closed: 'closed',
  full: 'fully booked',
  too_soon: 'too soon to book',
  too_far: 'not bookable yet',
};

export function whyNone(reason: FreeDay['why_none']): string {
  return reason ? WHY_NONE[reason] : '';
}

export function price(booking: { amount: number; currency: string }): string {
  return formatMoney(booking.amount, booking.currency);
}
