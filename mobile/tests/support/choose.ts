import { fireEvent, screen } from '@testing-library/react';

/** Open the last day that is shown and choose one of its times: 0 the first, -1 the last. */
export async function chooseTime(which: number): Promise<void> {
  const days = await screen.findAllByRole('button', { name: /day[, ]/ });
  fireEvent.click(days.at(-1) as HTMLElement);
  const times = await screen.findAllByRole('button', { name: /, \d\d:\d\d$/ });
  fireEvent.click(times.at(which) as HTMLElement);
}
