export default {
  build: {
    target: "es2022",
    manifest: "manifest.json",
    rolldownOptions: { input: process.env.ENTRY },
  },
};
