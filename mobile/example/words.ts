import { formatMoney, type Booking } from '../src';

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

export function price(booking: { amount: number; currency: string }): string {
  return formatMoney(booking.amount, booking.currency);
}
