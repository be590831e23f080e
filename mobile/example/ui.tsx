import type { ReactNode } from 'react';
import { Pressable, ScrollView, StyleSheet, Text, View } from 'react-native';

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

const styles = StyleSheet.create({
  screen: { padding: 24, gap: 12 },
  title: { fontSize: 24, fontWeight: '600' },
  line: { fontSize: 16, lineHeight: 24 },
  notice: { padding: 12, borderRadius: 8, backgroundColor: '#eef2ff' },
  button: { minHeight: 48, justifyContent: 'center', padding: 12, borderRadius: 8, backgroundColor: '#3730a3' },
  disabled: { backgroundColor: '#6b7280' },
  label: { color: '#ffffff', fontSize: 16, textAlign: 'center' },
});
