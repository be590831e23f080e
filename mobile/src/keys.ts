/** Where the answers live in TanStack Query's cache. */
export const keys = {
  all: ['bookings'] as const,
  account: ['account'] as const,
  services: ['bookings', 'services'] as const,
  allSlots: ['bookings', 'slots'] as const,
  slots: (service: number, options: object) => ['bookings', 'slots', service, options] as const,
  list: ['bookings', 'list'] as const,
  booking: (reference: string) => ['bookings', 'booking', reference] as const,
  quote: (reference: string) => ['bookings', 'quote', reference] as const,
  refund: (reference: string) => ['bookings', 'refund', reference] as const,
  cancellations: ['bookings', 'cancel'] as const,
  cancellation: (reference: string) => ['bookings', 'cancel', reference] as const,
};
