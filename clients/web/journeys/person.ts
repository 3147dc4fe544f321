/** Somebody whom no other test knows. */
export interface Person {
  readonly email: string;
  /** As people in Korea write it. */
  readonly phone: string;
  readonly name: string;
  readonly nickname: string;
  readonly password: string;
}

let met = 0;

/** Makes up somebody. */
export function somebody(): Person {
  met++;
  const number = String(met).padStart(4, "0");
  return {
    email: `ada${number}@example.com`,
    phone: `010-2345-${number}`,
    name: "Ada Lovelace",
    nickname: `ada${number}`,
    password: "Correct-horse1",
  };
}
