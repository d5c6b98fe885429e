import { InvalidArgumentError } from 'commander'

/** Reads an option as a whole number between two bounds, both included; `10_000` is one too. */
export function wholeBetween(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text.replaceAll('_', ''))
    if (Number.isInteger(value) && value >= low && value <= high) return value
    throw new InvalidArgumentError(`Between ${low} and ${high}.`)
  }
}
