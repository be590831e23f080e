import { AppRegistry } from 'react-native';

import { App } from './App';

// Android's emulator sees this machine as 10.0.2.2.
AppRegistry.registerComponent('Appointments', () => () => <App baseUrl="http://localhost:8000" />);
