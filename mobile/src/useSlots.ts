import { useQuery } from '@tanstack/react-query';

import type { SlotOptions } from './api';
import { useBookingsContext } from './context';
import { keys } from './keys';

// Others book too: what is shown is asked anew while it is looked at.
const FRESH = 30_000;

/** The days from `from` on (today where it is left out) with their free times, or why there are none. */
export function useSlots(service: number, options: SlotOptions = {}) {
  const { api } = useBookingsContext();
  return useQuery({
    queryKey: keys.slots(service, options),
    queryFn: () => api.slots(service, options),
    staleTime: FRESH,
    refetchInterval: FRESH,
    retry: false,
  });
}
