### Türkçe: only what every letter prints in three languages.
letter-steps-title = Nasıl yapılır
letter-step-1 = Adresi açın veya kareyi kamerayla okutun.
letter-step-2 = „Ich habe einen Brief bekommen“ seçeneğini seçin, kodu okutun veya yazın.
letter-step-3 = Kurum işaretini karşılaştırın, „Beitreten“ seçeneğini seçin.
letter-step-4 = Cihazınızdaki sayıları kreşte gösterin. Tamam.
