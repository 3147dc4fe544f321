import { defineTranslations, useTranslations } from "../i18n/translations";
import { KeyIcon } from "../ui/icons";
import { Spinner } from "../ui/spinner";
import { GoogleLogo, KakaoLogo, NaverLogo } from "./logos";

const translations = defineTranslations({
  en: {
    kakao: "Login with Kakao",
    naver: "Sign in with Naver",
    google: "Sign in with Google",
    other: (name: string) => `Sign in with ${name}`,
  },
  ko: {
    kakao: "카카오 로그인",
    naver: "네이버 로그인",
    google: "Google 계정으로 로그인",
    other: (name: string) => `${name} 계정으로 로그인`,
  },
});

// Colours, logos and labels follow the brand guidelines. They are the same in light and dark unless a brand defines both.
const brands = {
  kakao: { logo: KakaoLogo, look: "bg-[#FEE500] font-medium text-[rgba(0,0,0,0.85)] hover:bg-[#F5DC00]" },
  // White on Naver's green has enough contrast for large text only (WCAG 2.2, 1.4.3), hence bold 19 px.
  naver: { logo: NaverLogo, look: "bg-[#03A94D] text-[1.1875rem] font-bold text-white hover:bg-[#029F48]" },
  google: {
    logo: GoogleLogo,
    look: "border font-medium border-[light-dark(#747775,#8E918F)] bg-[light-dark(#FFFFFF,#131314)] text-[light-dark(#1F1F1F,#E3E3E3)] hover:bg-[light-dark(#F8F9FA,#1E1F20)]",
  },
} as const;

interface ProviderButtonProps {
  /** The name in `Settings.social_providers`. */
  readonly provider: string;
  readonly busy: boolean;
  readonly onClick: () => void;
}

/** A sign-in button for a provider, in the style of the provider if it is known here. */
export function ProviderButton({ provider, busy, onClick }: ProviderButtonProps) {
  const t = useTranslations(translations);
  const known = provider === "kakao" || provider === "naver" || provider === "google" ? provider : undefined;
  const { logo: Logo, look } = known
    ? brands[known]
    : { logo: KeyIcon, look: "border border-edge bg-card font-medium text-ink hover:bg-well" };
  return (
    <button
      type="button"
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? undefined : onClick}
      className={`flex min-h-12 w-full items-center gap-3 rounded-xl px-4 transition-colors ${look}`}
    >
      {busy ? <Spinner /> : <Logo className="size-5 shrink-0" />}
      {/* Padding as wide as the logo centers the label where there is room. */}
      <span className="flex-1 text-center min-[22.5rem]:pr-8">{known ? t[known] : t.other(capitalised(provider))}</span>
    </button>
  );
}

function capitalised(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
