import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { useBookingsContext } from './context';
import { keys } from './keys';

/** The customer's bookings, newest first, page by page. */
export function useBookings() {
  const { api } = useBookingsContext();
  return useInfiniteQuery({
    queryKey: keys.list,
    queryFn: ({ pageParam }) => api.bookings(pageParam ? { cursor: pageParam } : {}),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    retry: false,
  });
}

/** The first hundred services that can be booked. */
export function useServices() {
  const { api } = useBookingsContext();
  return useQuery({
    queryKey: keys.services,
    queryFn: async () => (await api.services({ limit: 100 })).items,
    retry: false,
  });
}

/** Hold a slot; the booking that comes back waits for its payment. */
export function useCreateBooking() {
  const { api } = useBookingsContext();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (slot: { service: number; startsAt: string; resource?: number }) =>
      api.createBooking(slot.service, slot.startsAt, slot.resource),
    retry: false,
    onSuccess: (booking) => {
      queryClient.setQueryData(keys.booking(booking.reference), booking);
      void queryClient.invalidateQueries({ queryKey: keys.list });
    },
    // Taken in the meantime: show what is left.
    onSettled: () => void queryClient.invalidateQueries({ queryKey: keys.allSlots }),
  });
}
