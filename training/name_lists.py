"""Names that Faker has in no Latin spelling, or not at all, and the parts of Nordic surnames."""

ROMANISED_FIRST: dict[str, str] = {
    "arabic": """
    Ahmed Ahmad Mohamed Mohammed Muhammad Mahmoud Mustafa Omar Umar Ali Hassan Hussein Hussain Khalid
    Khaled Youssef Yusuf Ibrahim Ismail Karim Kareem Samir Tariq Tarek Walid Bilal Hamza Hamid Jamal
    Nabil Rashid Said Saeed Salim Sami Sharif Zaid Ziad Anwar Basel Bassam Faisal Fadi Firas Ghassan
    Haitham Hisham Imad Issam Jawad Laith Majid Marwan Mazen Munir Murad Nasser Nizar Osama Qasim Rami
    Riyad Saleh Talal Usama Wael Yahya Yasin Yasser Fatima Fatma Aisha Ayesha Amina Amira Zainab Zeinab
    Maryam Mariam Khadija Layla Leila Lina Nour Noor Rania Reem Salma Samira Sara Yasmin Yasmine Hanan
    Huda Iman Jamila Karima Lubna Maha Malak Mona Muna Nadia Naima Najwa Rana Rasha Sahar Shaima Siham
    Souad Wafa Zahra Hala Hiba Dalia Dina Ghada Inas Abdullah Abdallah Abdulrahman Abdelkader""",
    "persian": """
    Reza Mehdi Amir Hossein Javad Saeid Farhad Behrouz Behnam Babak Dariush Kourosh Kamran Kaveh Majid
    Masoud Navid Nima Omid Payam Pejman Ramin Shahin Shahram Siavash Soroush Arash Ardeshir Bahram Bijan
    Ehsan Farid Hamed Houman Iraj Jamshid Kambiz Mahnaz Maryam Mina Mitra Mojgan Nasrin Nazanin Niloufar
    Parisa Parvaneh Roya Sanaz Setareh Shabnam Shadi Shirin Simin Soheila Taraneh Yalda Zahra Zohreh
    Azadeh Bahar Elham Elnaz Farzaneh Fereshteh Forough Golnaz Hengameh Jaleh Ladan Laleh Mahsa Manijeh
    Mahin Neda Shohreh Atefeh Fariba Sepideh Shima Soraya""",
    "vietnamese": """
    Lan Linh Minh Anh Hoa Huong Hung Dung Duc Tuan Thanh Thao Thuy Trang Trung Tam Phuong Quang Quoc Son
    Nam Nga Ngoc Nhung Mai Loan Long Khanh Hieu Hien Hanh Hang Giang Duy Dat Cuong Chi Bich Binh Bao Van
    Viet Vinh Xuan Yen Thi Tien Toan Tram Tri Tung My Kim Khoa Kiet Hai Ha Diep Diem An""",
    "somali": """
    Abdi Abdirahman Abdullahi Abukar Ayaan Asha Axmed Bashir Cabdi Cali Deeqa Faduma Fadumo Farah Faysal
    Fowsia Guled Habiba Halimo Hamdi Hibo Hodan Hodo Idil Ifrah Ilhan Jama Khadra Liban Maxamed Mahad
    Muna Mukhtar Nasteho Nimco Nuur Osman Qamar Rahma Rukia Saado Sagal Sahra Samatar Shukri Sucaad Ubah
    Warsame Xaawo Yasin Zamzam Zahra Amran Bile Dahir Ismahan Naima Hani Filsan Hawa Ladan Najma Saynab
    Ruqiya""",
    "chinese": """
    Wei Fang Li Xiu Ying Min Jing Lei Qiang Yang Yan Juan Jie Ming Chao Xia Ping Gang Hui Mei Xin Yu
    Hong Jun Hao Lin Tao Bo Ting Xiao Zhen Yi Xue Ling Cheng Dan Kai Peng Rui Shan Wen Xiaoming Jiahui
    Yuxuan Zihan Haoran Xinyi Meiling Jiayi Weiming Guang Feng Hua Lihua Xiaoli Yifan Yuting Zhiwei
    Mingyu Siyu Junjie""",
    "korean": """
    Minjun Seojun Jiwoo Jihoon Hyun Soo Jin Young Eun Mi Kyung Sung Min-ji Ji-hye Seo-yeon Soo-jin
    Hyun-woo Dong-hyun Sang-min Jae-won Hye-jin Yoon-ah Tae-young In-ho Jung-hee Mi-kyung Seung Joon
    Hana Yuna""",
    "japanese": """
    Haruto Yuto Sota Yuki Hayato Haruki Ryusei Koki Takumi Kenji Hiroshi Takashi Akira Satoshi Makoto
    Kazuo Yoshio Sakura Yui Aoi Hina Akari Yuna Miyu Keiko Yoko Naoko Emi Tomoko Kumiko Ayumi Mariko
    Noriko Haruka Rina Mei Daisuke Shinji Tatsuya Kenta Masato Ichiro Jiro Saburo Yumi Megumi""",
    "ethiopian": """
    Abebe Abel Almaz Alemayehu Amanuel Aster Bereket Berhane Dawit Desta Eden Ermias Feven Filmon Genet
    Girma Haile Hanna Helen Kidane Lemlem Mebrahtu Meron Mulu Mulugeta Natnael Rahel Robel Saba Samrawit
    Selam Semhar Senait Solomon Tadesse Tesfaye Tewodros Tigist Tsegay Yodit Yohannes Yonas Zerai Zewdu""",
    "kurdish": """
    Azad Berivan Baran Beritan Dilan Diyar Dilovan Evin Gulistan Hejar Hiwa Helin Jiyan Jwan Karwan Kawa
    Lawand Mizgin Newroz Nergiz Peshraw Rebwar Rojda Rojin Rebin Rizgar Ronahi Sherko Shilan Shwan Soran
    Zana Zilan Zozan Avin""",
    "indian": """
    Aarav Abhishek Aditya Ajay Akash Amit Anand Anil Anita Anjali Ankit Aparna Arjun Arun Asha Ashok
    Bhavna Chandra Deepa Deepak Devi Dinesh Divya Gauri Geeta Gopal Harish Indira Jaya Jyoti Kavita
    Kiran Krishna Kumar Lakshmi Lalita Madhuri Mahesh Manish Manoj Meena Meera Mohan Mukesh Nandini
    Naveen Neha Nikhil Nisha Pooja Prakash Pradeep Prasad Priya Rajesh Rahul Ramesh Ranjit Ravi Rekha
    Ritu Rohan Sandeep Sangeeta Sanjay Santosh Shanti Shilpa Shreya Sita Srinivas Subramaniam Sunil
    Sunita Suresh Sushma Swati Uma Usha Venkatesh Vijay Vikram Vinod Vivek Gurpreet Harpreet Jaspreet
    Manpreet Sukhwinder""",
    "slavic": """
    Aleksandr Aleksei Alexey Anastasia Andrei Andriy Boris Bohdan Darya Dmitri Dmytro Ekaterina Elena
    Evgeny Galina Igor Ilya Irina Ivan Katya Kirill Ksenia Larisa Lyudmila Maksim Mikhail Mykola
    Nadezhda Natalia Natalya Nikolai Oksana Oleg Oleksandr Olena Olga Pavel Petro Polina Roman Sergei
    Serhiy Svetlana Tatiana Tetiana Vadim Valentina Vasily Viktor Vladimir Volodymyr Yana Yaroslav Yulia
    Yuri Zoya Bojan Branislav Dejan Dragan Dragana Goran Jelena Jovan Ljiljana Milan Milica Milos
    Miroslav Nebojsa Nemanja Nenad Predrag Radovan Sanja Slobodan Snezana Srdjan Svetlana Tanja Vesna
    Vladan Zeljko Zoran Emir Almir Amra Azra Edin Elvir Emina Jasmina Mirsad Nermin Senad Selma Sead""",
    "nicknames": """
    Abbe Acke Affe Agge Ante Anki Annsi Bella Berra Bettan Biggan Bibbi Bobban Bosse Bubben Chrille
    Chrippa Danne Ebba Eva-Lotta Fia Fidde Figge Foffe Frasse Gittan Gurra Habbe Hasse Heffa Henke Hebbe
    Ingvar Jocke Jonte Jompa Jörgen Kaj Kalle Kattis Katta Kicki Kia Kickan Klasse Krille Kristoff Lasse
    Lala Lelle Lena Lillan Linkan Lotta Ludde Loffe Maggan Majsan Mackan Manne Matte Micke Mimmi Minna
    Moa Nettan Nicke Nikke Nille Nisse Olle Ove Oskis Palle Pelle Petra Pia Pirre Putte Robban Roffe
    Rogge Sanna Sebbe Sigge Sissi Snorre Solan Steffe Stickan Sussie Svenne Tess Tessan Tina Tobbe Totte
    Uffe Ulle Ulla-Britt Vicke Ville Viggo Zacke Åke Åsa-Lena Danni Kim Bente Gro Turid Bob Bobby Bill
    Billy Will Charlie Chuck Dan Danny Dave Ed Eddie Fred Gabby Gus Hank Harry Jake Jack Jen Jenny Jim
    Jimmy Joe Joey Josh Kate Katie Ken Kenny Larry Liz Lizzie Maggie Matt Meg Mick Mike Nate Nick Pam
    Pat Patty Pete Phil Ray Rick Ricky Rob Robbie Ron Sal Sam Sandy Steph Steve Sue Tammy Ted Terry Tim
    Toby Tom Tommy Tony Trish Vicky Wes Zach Ollie Alfie Gaz Baz Jaz Shaz Dee Jo Viv Val""",
}

ROMANISED_LAST: dict[str, str] = {
    "arabic": """
    Al-Hassan Al-Ahmad Al-Masri Al-Khatib Al-Jabouri Al-Rashid Al-Sayed Al-Tamimi Al-Zahrani Al-Amiri
    Alhaddad Abbas Abdallah Aziz Bakr Bitar Darwish Farouk Ghanem Habib Haddad Hamdan Hariri Hashemi
    Ibrahim Issa Jaber Karam Kassem Khalil Khoury Mahmoud Mansour Masri Mourad Najjar Nassar Nasser
    Qasem Rahman Saad Sabbagh Salah Saleh Salman Sayegh Shaheen Sharif Suleiman Taha Younes Zaher Hassan
    Hussein Mohammed Ahmed Ali Yousif Hanna Toma Shamoun Elias Yacoub Bouazza Benali Bennani El-Amrani
    El-Idrissi Ouali Ziani Chaoui""",
    "persian": """
    Ahmadi Hosseini Mohammadi Karimi Rahimi Moradi Jafari Rezaei Hashemi Sadeghi Ghorbani Kazemi Mousavi
    Bagheri Akbari Ebrahimi Mirzaei Nazari Norouzi Shahbazi Tehrani Farahani Shirazi Esfahani Kermani
    Tabrizi Zamani Yazdani Rostami Pahlavani Najafi Salehi Heidari Jalali Ansari Rashidi Nouri Taheri
    Azizi Abbasi Ghasemi Bahrami Daneshvar""",
    "vietnamese": """
    Nguyen Tran Le Pham Hoang Huynh Phan Vu Vo Dang Bui Do Ho Ngo Duong Ly Dinh Trinh Lam Mai Truong Dao
    Cao Luong""",
    "somali": """
    Abdi Abdullahi Ahmed Ali Aden Farah Hassan Hersi Hussein Ibrahim Isse Jama Mohamed Mohamud Muse Nur
    Omar Osman Warsame Yusuf Abdirahman Dirie Egal Gedi Hirsi Samatar Shire Elmi Guled Barre Siad""",
    "chinese": """
    Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Zheng Liang Xie
    Tang Xu Deng Feng Han Cao Zeng Peng Xiao Cai Pan Tian Dong Yuan Jiang Wei Lu Shen Fu Yao Tan Wong
    Chan Lau Leung Cheung Ng Lam""",
    "korean": """Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Han Oh Seo Shin Kwon Hwang Ahn Song
    Yoo Hong""",
    "japanese": """
    Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida Yamada Sasaki
    Yamaguchi Matsumoto Inoue Kimura Hayashi Shimizu Saito Mori Abe Ikeda Hashimoto Ishikawa Ogawa Okada
    Fujita Goto Murakami""",
    "ethiopian": """
    Tesfaye Tekle Gebremedhin Gebreselassie Haile Kidane Berhe Woldu Abraha Araya Asfaw Bekele Desta
    Girma Kebede Mengistu Negash Tadesse Teklehaimanot Tsegaye Woldemariam Yohannes Zerihun Habte
    Ghebremariam Habtemariam""",
    "kurdish": """
    Aziz Amin Baban Barzani Hama Karim Mahmud Rasul Sharif Talabani Zebari Qadir Salih Yildiz Demir
    Ozdemir Celik Kaya Dogan Aslan Ates Bozkurt Ciftci Gunes Kaplan Ozturk Polat Sahin Turan Yalcin""",
    "indian": """
    Patel Sharma Singh Kumar Gupta Reddy Rao Iyer Iyengar Nair Menon Pillai Joshi Desai Mehta Shah
    Banerjee Chatterjee Mukherjee Das Bose Ghosh Sen Dutta Chakraborty Agarwal Aggarwal Bhatt Chopra
    Kapoor Khanna Malhotra Mehra Arora Sethi Gill Sandhu Dhillon Grewal Sidhu Verma Yadav Mishra Pandey
    Tiwari Trivedi Kulkarni Deshpande Patil Naidu Krishnan Subramanian Venkataraman Raman Srinivasan
    Khan Malik Qureshi Siddiqui Sheikh Chaudhry Akhtar Iqbal Butt Mirza Bhatti Perera Fernando Silva
    Jayawardena Wickramasinghe""",
    "slavic": """
    Ivanov Ivanova Petrov Petrova Smirnov Kuznetsov Popov Sokolov Lebedev Kozlov Novikov Morozov Volkov
    Pavlov Fedorov Shevchenko Kovalenko Bondarenko Tkachenko Kravchenko Oliynyk Melnyk Boyko Koval
    Lysenko Marchenko Rudenko Savchenko Jovanovic Petrovic Nikolic Markovic Djordjevic Stojanovic Ilic
    Stankovic Pavlovic Milosevic Hadzic Hodzic Begic Halilovic Mehmedovic Omerovic Suljic Delic
    Ibrahimovic Mujic Hasanovic Salihovic Kovacevic Babic Juric Novak""",
    "african": """
    Okafor Okonkwo Eze Adeyemi Adebayo Balogun Obi Nwosu Chukwu Onyeka Mensah Owusu Boateng Asante Osei
    Appiah Diallo Traore Coulibaly Keita Sow Ndiaye Diop Fall Cisse Toure Mwangi Kamau Otieno Ochieng
    Njoroge Wanjiku Moyo Ncube Dlamini Nkosi Zulu Ndlovu Mbeki Banda Phiri""",
}

SURNAME_STARTS = """
    Ahl Alm All Asp Berg Björk Blom Bo Bryn By Dal Dahl Ed Ek Eng Eker Fager Falk Fors Frid Gran Gull
    Grön Gyllen Hag Hall Hed Hell Hjort Holm Hult Häll Hög Kall Klint Kvarn Kull Käll Land Lav Lid Lilje
    Lind Ljung Ljus Lund Löf Löv Malm Marm Mo Mol Myr Nord Ny Näs Oden Ol Palm Ram Ros Rosen Rud Ryd
    Rönn Sand Sil Silf Sjö Skog Skog Sol Stark Sten Stjern Stor Strand Ström Sund Sved Svan Säll Söder
    Tall Thor Torn Tall Törn Ull Vall Vik Vester Wall West Wester Wik Åker Ås Ö Öst Öster Holst Lager
    Lager Norr Hammar Hede Skär Vret Kron Boder"""

SURNAME_ENDS = """
    ström qvist kvist gren lund berg man holm stedt blad dahl dal blom mark bäck fors gård hed stam roth
    strand stig ander vall ås löf quist bom ing ell én elius in lin lind rud skog sten sjö sson stad dén
    vik by bohm hult hag"""

#: Words that stand before a surname and belong to it.
PARTICLES = [
    "von",
    "af",
    "de",
    "van",
    "der",
    "la",
    "al",
    "El",
    "Al",
    "bin",
    "ibn",
    "du",
    "di",
    "da",
    "van",
    "ter",
    "del",
    "Mac",
    "O'",
    "St",
]

TITLES: dict[str, tuple[str, ...]] = {
    "sv": (
        *(
            "Dr",
            "dr",
            "Dr.",
            "doktor",
            "överläkare",
            "Överläkare",
            "sjuksköterska",
            "professor",
            "herr",
            "fru",
        ),
        *(
            "röntgensjuksköterska",
            "docent",
            "undersköterska",
            "IT-chefen",
            "kollegan",
            "supporttekniker",
            "läkaren",
        ),
    ),
    "nb": (
        *(
            "Dr.",
            "dr.",
            "overlege",
            "Overlege",
            "lege",
            "professor",
            "radiograf",
            "herr",
            "fru",
            "sykepleier",
        ),
    ),
    "da": (
        *(
            "Dr.",
            "dr.",
            "overlæge",
            "Overlæge",
            "læge",
            "professor",
            "radiograf",
            "hr.",
            "fru",
            "sygeplejerske",
        ),
    ),
    "en": (
        *(
            "Dr",
            "Dr.",
            "dr",
            "Mr",
            "Mr.",
            "Mrs",
            "Ms",
            "Ms.",
            "Miss",
            "Prof.",
            "Professor",
            "Nurse",
            "Sister",
        ),
        *("Sir", "doctor", "Doctor"),
    ),
}
