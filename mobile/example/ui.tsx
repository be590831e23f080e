import { useState, type ReactNode } from 'react';
import { Pressable, ScrollView, StyleSheet, Text, TextInput, View } from 'react-native';

export function Screen({ title, onBack, children }: { title: string; onBack?: () => void; children: ReactNode }) {
  return (
    <ScrollView contentContainerStyle={styles.screen}>
      {onBack && <Button label="Back" onPress={onBack} />}
      <Text role="heading" style={styles.title}>
        {title}
      </Text>
      {children}
    </ScrollView>
  );
}

export function Line({ children }: { children: ReactNode }) {
  return <Text style={styles.line}>{children}</Text>;
}

/** Something that must be heard by screen readers too. */
export function Notice({ children }: { children: ReactNode }) {
  return (
    <View role="status" aria-live="polite" style={styles.notice}>
      <Text style={styles.line}>{children}</Text>
    </View>
  );
}

interface ButtonProps {
  label: string;
  onPress: () => void;
  disabled?: boolean;
}

export function Button({ label, onPress, disabled = false }: ButtonProps) {
  return (
    <Pressable
      role="button"
      aria-disabled={disabled}
      disabled={disabled}
      onPress={onPress}
      style={[styles.button, disabled && styles.disabled]}
    >
      <Text style={styles.label}>{label}</Text>
    </Pressable>
  );
}

/** A quieter way to go on. */
export function Link({ label, onPress }: { label: string; onPress: () => void }) {
  return (
    <Pressable role="button" onPress={onPress} style={styles.link}>
      <Text style={styles.linkLabel}>{label}</Text>
    </Pressable>
  );
}

const KINDS = {
  name: { autoComplete: 'name' },
  email: { autoComplete: 'email', inputMode: 'email', autoCapitalize: 'none', autoCorrect: false },
  phone: { autoComplete: 'tel', inputMode: 'tel' },
  password: { autoComplete: 'current-password', secureTextEntry: true, autoCapitalize: 'none' },
  'new-password': { autoComplete: 'new-password', secureTextEntry: true, autoCapitalize: 'none' },
  code: { autoComplete: 'one-time-code', autoCapitalize: 'characters', autoCorrect: false },
} as const;

interface FieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  kind: keyof typeof KINDS;
}

/** A field with its name above it, for eyes and for screen readers. */
export function Field({ label, value, onChange, kind }: FieldProps) {
  return (
    <View style={styles.field}>
      <Text style={styles.fieldLabel}>{label}</Text>
      <TextInput aria-label={label} value={value} onChangeText={onChange} style={styles.input} {...KINDS[kind]} />
    </View>
  );
}

/** What a button does: once at a time, and in words if it fails. */
export function useAction(action: () => Promise<unknown>) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const run = () => {
    setBusy(true);
    setError(null);
    action()
      .catch((refused: Error) => setError(refused.message))
      .finally(() => setBusy(false));
  };
  return { run, busy, error };
}

const styles = StyleSheet.create({
  screen: { padding: 24, gap: 12 },
  title: { fontSize: 24, fontWeight: '600' },
  line: { fontSize: 16, lineHeight: 24 },
  field: { gap: 4 },
  fieldLabel: { fontSize: 16, fontWeight: '500' },
  input: { minHeight: 48, padding: 12, fontSize: 16, borderWidth: 1, borderColor: '#6b7280', borderRadius: 8 },
  link: { minHeight: 48, justifyContent: 'center' },
  linkLabel: { color: '#3730a3', fontSize: 16, textAlign: 'center', textDecorationLine: 'underline' },
  notice: { padding: 12, borderRadius: 8, backgroundColor: '#eef2ff' },
  button: { minHeight: 48, justifyContent: 'center', padding: 12, borderRadius: 8, backgroundColor: '#3730a3' },
  disabled: { backgroundColor: '#6b7280' },
  label: { color: '#ffffff', fontSize: 16, textAlign: 'center' },
});
