/** A person, unique to a test. */
export interface Person {
  readonly email: string;
  /** In the format usual in Korea. */
  readonly phone: string;
  readonly name: string;
  readonly nickname: string;
  readonly password: string;
}

let count = 0;

/** Returns a new person. */
export function newPerson(): Person {
  count++;
  const number = String(count).padStart(4, "0");
  return {
    email: `ada${number}@example.com`,
    phone: `010-2345-${number}`,
    name: "Ada Lovelace",
    nickname: `ada${number}`,
    password: "Correct-horse1",
  };
}
